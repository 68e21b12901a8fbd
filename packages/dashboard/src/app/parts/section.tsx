import type { ComponentChildren, VNode } from 'preact'

export function Section({ title, children }: { title: string; children: ComponentChildren }): VNode {
  return (
    <section class="section">
      <h3>{title}</h3>
      {children}
    </section>
  )
}
