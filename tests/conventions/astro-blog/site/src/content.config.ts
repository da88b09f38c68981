import { defineCollection } from 'astro:content';
import { glob } from 'astro/loaders';

const blog = defineCollection({ loader: glob({ base: './src/content/blog', pattern: '**/*.{md,mdx}' }) });
const articles = defineCollection({ loader: glob({ pattern: '**/*.md', base: './src/content/papers' }) });
const people = defineCollection({ loader: glob({ pattern: '**/*.md', base: './src/content/people' }) });

export const collections = { blog, papers: articles, people };
