import { describe, expect, it } from 'vitest'
import { preferredMode } from './loader-mode.js'

describe('synchronous hooks', () => {
  it.each(['22.22.3', '22.23.0', '24.11.1', '24.21.0', '25.1.0', '26.0.0', '27.3.1'])(
    'are used on Node %s',
    (version) => {
      expect(preferredMode(version)).toBe('synchronous')
    },
  )

  it.each(['20.19.0', '20.20.2', '22.16.0', '22.20.0', '22.22.2', '23.11.0', '24.5.0', '24.11.0', '25.0.0'])(
    'are not used on Node %s',
    (version) => {
      expect(preferredMode(version)).toBe('thread')
    },
  )
})
