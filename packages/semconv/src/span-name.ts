/** `{mcp.method.name} {target}`, where the target is a tool or prompt name; a resource URI never is. */
export function spanName(method: string, target?: string): string {
  return target ? `${method} ${target}` : method
}
