import { readFileSync } from 'node:fs'
import type { SecureVersion } from 'node:tls'
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
  /** Speak without TLS, where the endpoint's scheme does not say. */
  insecure: boolean
  /** Speak TLS, and take any certificate. */
  insecure_skip_verify: boolean
  /** Whom the certificate must name, and which name is sent, instead of the endpoint's host. */
  server_name_override?: string | undefined
  min_version: TlsVersion
  /** Instead of the certificate authorities that Node.js trusts. */
  ca_file?: string | undefined
  /** For servers that want to know their clients; with `key_file`. */
  cert_file?: string | undefined
  key_file?: string | undefined
}

export type TlsVersion = '1.0' | '1.1' | '1.2' | '1.3'

const file = z.string().min(1).optional()

export const tlsClientSchema: z.ZodType<TlsClientConfig> = z
  .strictObject({
    insecure: z.boolean().default(false),
    insecure_skip_verify: z.boolean().default(false),
    server_name_override: z.string().min(1).optional(),
    // YAML reads 1.3 without quotes as a number; 1.0 is 1 by then.
    min_version: z
      .union([z.enum(['1.0', '1.1', '1.2', '1.3']), z.literal([1, 1.1, 1.2, 1.3])])
      .default('1.2')
      .transform((version) => Number(version).toFixed(1) as TlsVersion),
    ca_file: file,
    cert_file: file,
    key_file: file,
  })
  .refine(({ cert_file, key_file }) => (cert_file === undefined) === (key_file === undefined), {
    message: 'cert_file and key_file belong together',
    path: ['cert_file'],
  })
  .prefault({})

const SECURE_VERSIONS: Readonly<Record<TlsVersion, SecureVersion>> = {
  '1.0': 'TLSv1',
  '1.1': 'TLSv1.1',
  '1.2': 'TLSv1.2',
  '1.3': 'TLSv1.3',
}

/** What `node:tls` wants to know. */
export interface TlsClientOptions {
  readonly ca?: Buffer
  readonly cert?: Buffer
  readonly key?: Buffer
  readonly minVersion: SecureVersion
  readonly rejectUnauthorized: boolean
  readonly servername?: string
}

/** @throws UserError naming the setting whose file cannot be read. */
export function readTlsClient(config: TlsClientConfig, setting: string): TlsClientOptions {
  const { ca_file, cert_file, key_file, server_name_override: servername } = config
  return {
    minVersion: SECURE_VERSIONS[config.min_version],
    rejectUnauthorized: !config.insecure_skip_verify,
    ...(servername !== undefined && { servername }),
    ...(ca_file !== undefined && { ca: readPem(ca_file, `${setting}.ca_file`) }),
    ...(cert_file !== undefined && { cert: readPem(cert_file, `${setting}.cert_file`) }),
    ...(key_file !== undefined && { key: readPem(key_file, `${setting}.key_file`) }),
  }
}

/** @throws UserError naming the setting whose file cannot be read. */
function readPem(path: string, setting: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new UserError(`${setting}: cannot read ${path}`, { cause })
  }
}
