/** A request that is left to send when the process exits. Plain data: it crosses into another thread. */
export interface ExitRequest {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
  readonly tls?: ExitTls
}

/** In PEM. */
export interface ExitTls {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
}
