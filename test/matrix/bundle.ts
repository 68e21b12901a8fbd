import { join } from 'node:path'
import { build } from 'esbuild'

/** Bundles and minifies a server with everything that it imports, as servers on npm do; answers the file. */
export async function bundle(script: string, format: 'cjs' | 'esm', folder: string): Promise<string> {
  const outfile = join(folder, format === 'cjs' ? 'bundle.cjs' : 'bundle.mjs')
  await build({
    entryPoints: [script],
    outfile,
    format,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    // CommonJS dependencies inside an ES module want a `require`.
    ...(format === 'esm' && {
      banner: {
        js: 'import { createRequire as $require } from "node:module";const require=$require(import.meta.url);',
      },
    }),
  })
  return outfile
}
