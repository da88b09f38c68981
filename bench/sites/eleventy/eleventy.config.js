const SITE = "https://bench.example.org";

export default function (config) {
  config.addCollection("paper", (all) => all.getFilteredByGlob("src/posts/*.md"));
  config.addCollection("newest", (all) => all.getFilteredByGlob("src/posts/*.md").reverse().slice(0, 20));
  config.addFilter("record", (title, url, date, authors, tags, description) =>
    JSON.stringify({
      "@context": "https://schema.org",
      "@type": "ScholarlyArticle",
      "@id": SITE + url,
      url: SITE + url,
      headline: title,
      datePublished: date.toISOString().slice(0, 10),
      author: authors,
      keywords: tags,
      description: description || title,
      isPartOf: { "@type": "Blog", name: "Bench" },
    }),
  );
  return { dir: { input: "src", output: "_site" } };
}
