import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { UserError } from '../errors.js'

/** As in otelcol: files in PEM. */
export interface TlsServerConfig {
  cert_file: string
  key_file: string
  /** Clients must present a certificate that one of these has signed. */
  client_ca_file?: string | undefined
}

export const tlsServerSchema: z.ZodType<TlsServerConfig> = z.strictObject({
  cert_file: z.string().min(1),
  key_file: z.string().min(1),
  client_ca_file: z.string().min(1).optional(),
})

export interface TlsServerFiles {
  readonly cert: Buffer
  readonly key: Buffer
  readonly ca?: Buffer
}

/** @throws UserError naming the setting whose file cannot be read. */
export function readTlsServer(config: TlsServerConfig, setting: string): TlsServerFiles {
  return {
    cert: readPem(config.cert_file, `${setting}.cert_file`),
    key: readPem(config.key_file, `${setting}.key_file`),
    ...(config.client_ca_file && { ca: readPem(config.client_ca_file, `${setting}.client_ca_file`) }),
  }
}

/** As in otelcol: files in PEM. */
export interface TlsClientConfig {
  /** Speak without TLS. */
  insecure: boolean
  ca_file?: string | undefined
  cert_file?: string | undefined
  key_file?: string | undefined
}

export const tlsClientSchema: z.ZodType<TlsClientConfig> = z
  .strictObject({
    insecure: z.boolean().default(false),
    ca_file: z.string().min(1).optional(),
    cert_file: z.string().min(1).optional(),
    key_file: z.string().min(1).optional(),
  })
  .prefault({})

/** @throws UserError naming the setting whose file cannot be read. */
export function readPem(file: string, setting: string): Buffer {
  try {
    return readFileSync(file)
  } catch (cause) {
    throw new UserError(`${setting}: cannot read ${file}`, { cause })
  }
}
