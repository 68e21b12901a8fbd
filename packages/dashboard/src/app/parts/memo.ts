import { Component } from 'preact'
import type { ComponentClass, VNode } from 'preact'

/** Renders again only when a prop is another one: for lists of thousands. */
export function memo<Props extends object>(render: (props: Props) => VNode | null): ComponentClass<Props> {
  return class Memo extends Component<Props> {
    override shouldComponentUpdate(next: Props): boolean {
      const before = this.props as Record<string, unknown>
      return Object.entries(next).some(([name, value]) => before[name] !== value)
    }
    override render(): VNode | null {
      return render(this.props)
    }
  }
}
