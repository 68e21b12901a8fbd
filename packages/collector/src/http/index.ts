export { HttpError } from './http-error.js'
export {
  findIngestKey,
  ingestKeysSchema,
  requireIngestKey,
  requireKeysBeyondLoopback,
  stampProject,
  type IngestKey,
} from './ingest-keys.js'
export { createIngestServer, type IngestAnswer, type IngestProtocol } from './ingest-server.js'
export { closeServer, listen } from './listen.js'
export { createBodyReader, type BodyReader } from './request-body.js'
export {
  readPem,
  readTlsServer,
  tlsClientSchema,
  tlsServerSchema,
  type TlsClientConfig,
  type TlsServerConfig,
  type TlsServerFiles,
} from './tls.js'
