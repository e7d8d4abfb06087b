// Nobody serves this port, so the public URL of db leads nowhere. Its peers reach it on 3211 all the same.
module.exports = {
  container: "db",
  image: { name: "shop-db:latest" },
  deployment: {
    port: 65500,
  },
};
