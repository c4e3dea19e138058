import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { html } from '../../functions/pages/html.ts';
import { renderLine } from '../../functions/pages/render-line.ts';

test('what is filled into markup stays text, in an element and in a quoted attribute', () => {
  const name = `<b onclick="x">'&`;
  expect(html`<p title="${name}">${name}</p>`.markup).toBe(
    '<p title="&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;">&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;</p>',
  );
});

test('templates within templates are taken as they are, and undefined leaves nothing', () => {
  expect(html`<ul>${[1, 2].map((number) => html`<li>${number}</li>`)}${undefined}</ul>`.markup).toBe(
    '<ul><li>1</li><li>2</li></ul>',
  );
});

test('whatever is typed into a line, its markup has the same elements', () => {
  const tags = (text: string): string[] => text.match(/<[a-z/!][^\s>]*/gi) ?? [];
  const rendered = (text: string): string[] => {
    const line = {
      description: text,
      quantity: text,
      unitPrice: text,
      discount: text,
      discountKind: 'amount' as const,
      taxRate: text,
      productExternalId: text,
    };
    return tags(renderLine({ line, index: 0, count: 1, amount: '', messages: new Map() }).markup);
  };
  const plain = rendered('plain');
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => expect(rendered(text)).toEqual(plain)));
  expect(rendered('"></textarea><script>alert(1)</script>')).toEqual(plain);
});
