const shapes = {
  gear: 'M9.4 1h1.2l.4 2.2 1.6.7 1.9-1.3.9.9 1.3 1.3-1.3 1.9.7 1.6 2.2.4v2.6l-2.2.4-.7 1.6 1.3 1.9-2.2 2.2-1.9-1.3-1.6.7-.4 2.2H8.7l-.4-2.2-1.6-.7-1.9 1.3-2.2-2.2 1.3-1.9-.7-1.6L1 11.3V8.7l2.2-.4.7-1.6-1.3-1.9 2.2-2.2 1.9 1.3 1.6-.7L8.7 1zM10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6z',
  close:
    'M4 5.4 5.4 4 10 8.6 14.600 4 16 5.400 11.400 10 16 14.600 14.600 16 10 11.400 5.400 16 4 14.600 8.600 10z',
  down: 'M5 7h10l-5 6z',
} as const;

const namespace = 'http://www.w3.org/2000/svg';

/** A small picture in the text's colour; it says nothing to a screen reader, so its button needs a name. */
export const icon = (name: keyof typeof shapes): SVGElement => {
  const picture = document.createElementNS(namespace, 'svg');
  for (const [attribute, value] of [
    ['class', `icon icon-${name}`],
    ['viewBox', '0 0 20 20'],
    ['aria-hidden', 'true'],
  ] as const) {
    picture.setAttribute(attribute, value);
  }
  const path = document.createElementNS(namespace, 'path');
  path.setAttribute('d', shapes[name]);
  path.setAttribute('fill-rule', 'evenodd');
  picture.append(path);
  return picture;
};
