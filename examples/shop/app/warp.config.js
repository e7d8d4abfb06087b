module.exports = {
  container: "app",
  image: { name: "shop-app:latest" },
  deployment: {
    port: 8080,
  },
};
