import { element } from '../../pages/browser/element.ts';
import type { ShownValue } from './property-value.ts';

/** A value for the page; text of unknown direction is kept apart from its surroundings. */
export const renderValue = (value: ShownValue): HTMLElement => {
  switch (value.kind) {
    case 'text':
      return element('bdi', {}, value.text);
    case 'amount':
      return element('bdi', { class: 'amount' }, value.text);
    case 'tag':
      return element('span', { class: `tag tag-${value.tone}`, dir: 'auto' }, value.text);
    case 'link':
      return externalLink(value.href, value.text);
    case 'invalid':
      return element('span', { class: 'invalid' }, 'Invalid property');
  }
};

/** A link to someone else's page, opened beside this one, which learns nothing of it. */
export const externalLink = (href: string, text: string): HTMLAnchorElement =>
  element('a', { href, target: '_blank', rel: 'noopener noreferrer', dir: 'auto' }, text);
