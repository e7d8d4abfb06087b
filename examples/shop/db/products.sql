CREATE TABLE products (id integer PRIMARY KEY, name text NOT NULL, price numeric(8, 2) NOT NULL);

INSERT INTO products VALUES (1, 'warp-and-weft scarf', 39.00), (2, 'shuttle, oak', 24.50), (3, 'loom, four shafts', 480.00);

GRANT SELECT ON products TO dbuser;

