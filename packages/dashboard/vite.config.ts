import { defineConfig } from 'vite'

// oxlint-disable-next-line import/no-default-export -- what Vite reads
export default defineConfig({
  root: 'src/app',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: '../../dist/app',
    emptyOutDir: true,
    target: 'es2023',
    // The content security policy allows files of our own origin, no data: scripts or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
  },
})
