// What two readers find in feeds: node read.js FOLDER_WITH_NODE_MODULES FEED…
// Prints {reader: {feed: [entry, …]}}; tests/feed_readers.py says what an entry is.

const { readFileSync } = require('node:fs')
const { createRequire } = require('node:module')

const [folder, ...feeds] = process.argv.slice(2)
const installed = createRequire(`${folder}/`)
const { parseFeed } = installed('feedsmith')
const RssParser = installed('rss-parser')

const seconds = date => new Date(date).getTime() / 1000
const file = f => [f.href ?? f.url, f.type ?? f.mime_type ?? '', f.length ?? f.size_in_bytes ?? null]
const html = text => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const feedsmith = {
  atom: e => ({
    id: e.id,
    link: e.links.find(l => l.rel === 'alternate').href,
    title: e.title.value ?? e.title,
    authors: (e.authors ?? []).map(a => a.name),
    addresses: (e.authors ?? []).map(a => a.uri ?? ''),
    published: seconds(e.published),
    updated: seconds(e.updated),
    words: (e.categories ?? []).map(c => c.term),
    files: e.links.filter(l => l.rel === 'enclosure').map(file),
    summary: e.summary?.value ?? e.summary ?? '',
    content: e.content?.value ?? e.content ?? '',
  }),
  rss: e => ({
    id: e.guid.value,
    link: e.link,
    title: e.title,
    authors: e.dc?.creators ?? [],
    published: seconds(e.pubDate),
    words: (e.categories ?? []).map(c => c.name),
    files: (e.enclosures ?? []).map(file),
    summary: e.description ?? '',
    content: e.content?.encoded ?? '',
  }),
  rdf: e => ({
    id: e.rdf.about,
    link: e.link,
    title: e.title,
    authors: e.dc?.creators ?? [],
    published: seconds(e.dc.dates[0]),
    words: e.dc.subjects ?? [],
    summary: e.description ?? '',
    content: e.content?.encoded ?? '',
  }),
  json: e => ({
    id: e.id,
    link: e.url,
    title: e.title,
    authors: (e.authors ?? []).map(a => a.name),
    addresses: (e.authors ?? []).map(a => a.url ?? ''),
    published: seconds(e.date_published),
    updated: seconds(e.date_modified ?? e.date_published),
    words: e.tags ?? [],
    files: (e.attachments ?? []).map(file),
    summary: html(e.summary ?? ''),
    content: e.content_html ?? '',
  }),
}

// It reads one author and one file of an entry, and no JSON.
const rssParser = e => ({
  id: e.id ?? e.guid ?? e['rdf:about'],
  link: e.link,
  title: e.title,
  published: seconds(e.isoDate),
  content: e['content:encoded'] ?? e.content ?? e.summary ?? '',
})

const main = async () => {
  const found = { feedsmith: {}, 'rss-parser': {} }
  for (const path of feeds) {
    const text = readFileSync(path, 'utf8')
    const { format, feed } = parseFeed(text)
    found.feedsmith[path] = (feed.entries ?? feed.items ?? []).map(feedsmith[format])
    if (format !== 'json') {
      found['rss-parser'][path] = (await new RssParser().parseString(text)).items.map(rssParser)
    }
  }
  process.stdout.write(JSON.stringify(found))
}

main()
