// The site of the Lantern Lab: site: 'https://wrong.example'
import { defineConfig } from 'astro/config';
import mdx from '@astrojs/mdx';

export default defineConfig({
  site: 'https://lamps.example',
  base: '/lab/',
  integrations: [mdx()],
});
