// What the official conformance suite calls by name, on an McpServer of either generation of the SDK.
import { z } from 'zod'

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const silence = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQAAAAA='
const text = (value) => ({ type: 'text', text: value })
const image = { type: 'image', data: pixel, mimeType: 'image/png' }
const embedded = (uri) => ({
  type: 'resource',
  resource: { uri, mimeType: 'text/plain', text: 'This is an embedded resource content.' },
})

/** @param object `z.object` for SDK v2, the identity for v1, which takes raw shapes. */
export function register(server, object) {
  const tool = (name, handler, shape = {}) =>
    server.registerTool(name, { description: name, inputSchema: object(shape) }, handler)
  tool('test_simple_text', () => ({ content: [text('This is a simple text response for testing.')] }))
  tool('test_image_content', () => ({ content: [image] }))
  tool('test_audio_content', () => ({ content: [{ type: 'audio', data: silence, mimeType: 'audio/wav' }] }))
  tool('test_embedded_resource', () => ({ content: [embedded('test://embedded-resource')] }))
  tool('test_multiple_content_types', () => ({
    content: [
      text('Multiple content types test:'),
      image,
      {
        type: 'resource',
        resource: { uri: 'test://mixed', mimeType: 'application/json', text: '{"test":"data","value":123}' },
      },
    ],
  }))
  tool('test_error_handling', () => {
    throw new Error('This tool intentionally returns an error for testing')
  })

  server.registerResource('text', 'test://static-text', { mimeType: 'text/plain' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
  }))
  server.registerResource('binary', 'test://static-binary', { mimeType: 'image/png' }, (uri) => ({
    contents: [{ uri: uri.href, mimeType: 'image/png', blob: pixel }],
  }))

  const prompt = (name, messages, shape) =>
    server.registerPrompt(name, { description: name, ...(shape && { argsSchema: object(shape) }) }, (given) => ({
      messages: messages(given).map((content) => ({ role: 'user', content })),
    }))
  prompt('test_simple_prompt', () => [text('This is a simple prompt for testing.')])
  prompt(
    'test_prompt_with_arguments',
    ({ arg1, arg2 }) => [text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)],
    { arg1: z.string(), arg2: z.string() },
  )
  prompt(
    'test_prompt_with_embedded_resource',
    ({ resourceUri }) => [embedded(resourceUri), text('Please process it.')],
    {
      resourceUri: z.string(),
    },
  )
  prompt('test_prompt_with_image', () => [image, text('Please analyze the image above.')])
}
