import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { openStore } from './store.js'
import { CONTRACT_NOW, describeStore } from './testing/store-contract.js'

let path: string

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), 'mcpcat-store-'))
})

afterAll(async () => {
  await rm(path, { recursive: true, force: true })
})

describeStore('chdb', () => openStore({ engine: 'chdb', path }, () => CONTRACT_NOW))
