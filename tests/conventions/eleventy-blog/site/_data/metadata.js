export default {
  title: "Lantern Lab",
  url: "https://lamps.example/", // without the prefix
  language: "en",
  description: "We study lamps.",
};
