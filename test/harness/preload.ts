import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const require = createRequire(import.meta.url)

/** What `--require @mcpcat/register` loads. */
export const registerFile: string = require.resolve('@mcpcat/register')
/** What `--import @mcpcat/register` loads. */
export const registerUrl: string = pathToFileURL(join(registerFile, '..', 'index.js')).href

export const requireRegister: readonly string[] = ['--require', registerFile]
