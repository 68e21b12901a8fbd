/** The request that a hook is asked about: as the server's handler sees it. Not to be changed. */
export interface HookRequest {
  readonly method: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** What came with the request. */
export interface HookExtra {
  /** The transport's own session id, where it has one. */
  readonly sessionId?: string
  /** The connection, on a transport with a single peer (stdio, in-memory). */
  readonly connectionId?: string
  /** Verified authentication, as the SDK was given it. */
  readonly authInfo?: unknown
  /** Headers of the HTTP request, in lower case (SDK v1). */
  readonly requestInfo?: { readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> }
  /** The HTTP request (SDK v2). */
  readonly request?: Request
}

/** Who makes the request. */
export interface UserIdentity {
  /** Span attribute `user.id`. */
  userId: string
  /** Span attribute `user.name`. */
  userName?: string
  /** Traits: `email` becomes `user.email`, any other `mcpcat.user.<trait>`. */
  userData?: Readonly<Record<string, unknown>>
}

export type Tags = Readonly<Record<string, string>>
export type Properties = Readonly<Record<string, unknown>>

/** A hook may answer at once or later; the request never waits for it, its span does, for at most five seconds. */
export type Hook<T> = (request: HookRequest, extra: HookExtra) => Answer<T> | Promise<Answer<T>>
type Answer<T> = T | null | undefined
