import type { TextStyle } from './typesetter.ts';

/** Points: 72 to an inch. */
export const MARGIN = 48;
/** Between two columns of text. */
export const GUTTER = 28;

const INK = '#1f2d3d';
const MUTED = '#5b6b7c';
export const RULE = '#dfe4ea';
export const STRONG_RULE = '#9aa7b4';
/** Light enough to read a text printed over it. */
export const WATERMARK_COLOR = { DRAFT: '#e9edf2', VOID: '#f8dfdc' } as const;

export const TITLE: TextStyle = { weight: 'semiBold', size: 22, color: INK };
export const SELLER_NAME: TextStyle = { weight: 'semiBold', size: 13, color: INK };
export const BUYER_NAME: TextStyle = { weight: 'semiBold', size: 10.5, color: INK };
export const HEADING: TextStyle = { weight: 'semiBold', size: 9.5, color: INK };
export const LABEL: TextStyle = { weight: 'regular', size: 8, color: MUTED };
export const BODY: TextStyle = { weight: 'regular', size: 9, color: INK };
export const STRONG: TextStyle = { weight: 'semiBold', size: 10, color: INK };
export const QUIET: TextStyle = { weight: 'regular', size: 8.5, color: MUTED };
export const COLUMN_TITLE: TextStyle = { weight: 'semiBold', size: 8, color: MUTED };
export const FOOTER: TextStyle = { weight: 'regular', size: 7.5, color: MUTED };

/** From one baseline to the next. */
export const lineHeight = (style: TextStyle): number => style.size * 1.4;
/** From the top of a line to its baseline. */
export const ascent = (style: TextStyle): number => style.size * 1.05;
