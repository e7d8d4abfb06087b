// Reads the shop's products from the service "db" of the same deployment, prints them, and shows them at http://<this service>:8080/.
const http = require("http");

const { Pool } = require("pg");
const pool = new Pool({
  user: "dbuser",
  host: `${process.env.WARP_IST_db}`,
  database: "mydb",
  password: "secretpassword",
  port: 3211,
});

// An idle connection that ends (db is deployed again, say) is replaced at the next query.
pool.on("error", (error) => console.log(`connection to db lost: ${error.message}`));

async function products() {
  const { rows } = await pool.query("SELECT id, name, price FROM products ORDER BY id");
  return rows;
}

async function report() {
  try {
    const rows = await products();
    console.log(`read ${rows.length} rows from db at ${process.env.WARP_IST_db}:3211`);
    rows.forEach((row) => console.log(`${row.id} | ${row.name} | ${row.price}`));
    setTimeout(report, 30_000);
  } catch (error) {
    console.log(`db does not answer yet: ${error.message}`);
    setTimeout(report, 500);
  }
}

const server = http.createServer(async (request, response) => {
  try {
    const rows = await products();
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(rows) + "\n");
  } catch (error) {
    response.statusCode = 503;
    response.end(`${error.message}\n`);
  }
});

server.listen(8080);
report();

// Node.js is process 1 of the container, and process 1 has to ask for its signals.
process.on("SIGTERM", () => process.exit(0));
