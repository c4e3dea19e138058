import type { PortalId } from '../../invoices/identifiers.ts';
import type { ProductContent } from '../records/desired-content.ts';
import type { RecordStore } from '../records/record-store.ts';
import { shardsOf } from '../records/shard.ts';

/** A product of the accounting system, for picking. */
export interface CatalogProduct extends ProductContent {
  externalId: string;
}

/** Finds products by words of their name, SKU or id, the best first. */
export type FindProducts = (portalId: PortalId, text: string, limit: number) => Promise<CatalogProduct[]>;

/** Somebody who types asks several times a minute, and a catalogue seldom changes. */
const KEPT_MS = 60_000;
const PAGE = 500;
/** A catalogue larger than this is read in part: what it holds of memory and time has to end somewhere. */
const MOST_OF_A_SHARD = 5_000;

/** Keeps each portal's products for a minute and searches among them. `now` is epoch milliseconds. */
export function productCatalog(store: Pick<RecordStore, 'page'>, now: () => number = Date.now): FindProducts {
  const kept = new Map<PortalId, { products: Promise<CatalogProduct[]>; until: number }>();
  const products = (portalId: PortalId): Promise<CatalogProduct[]> => {
    const known = kept.get(portalId);
    if (known && now() < known.until) return known.products;
    const read = readProducts(store, portalId);
    kept.set(portalId, { products: read, until: now() + KEPT_MS });
    read.catch(() => kept.delete(portalId));
    return read;
  };
  return async (portalId, text, limit) => bestMatches(await products(portalId), text, limit);
}

async function readProducts(store: Pick<RecordStore, 'page'>, portalId: PortalId): Promise<CatalogProduct[]> {
  const shards = shardsOf(portalId, 'products');
  const parts = await Promise.all(
    shards.map(async (shard) => {
      const found: CatalogProduct[] = [];
      let after: string | undefined;
      do {
        const page = await store.page(shard, after, PAGE);
        for (const { externalId, desired } of page.records) {
          if (desired.kind === 'product') found.push({ externalId, ...desired.content });
        }
        after = page.after;
      } while (after !== undefined && found.length < MOST_OF_A_SHARD);
      return found;
    }),
  );
  return parts.flat().sort((a, b) => a.name.localeCompare(b.name, 'en'));
}

/** Every word must be found; names that begin with the text come first. */
export function bestMatches(
  products: readonly CatalogProduct[],
  text: string,
  limit: number,
): CatalogProduct[] {
  const wanted = text.trim().toLocaleLowerCase('en');
  const words = wanted.split(/\s+/);
  const matches = products.filter((product) => {
    const haystack = `${product.name} ${product.sku ?? ''} ${product.externalId}`.toLocaleLowerCase('en');
    return words.every((word) => haystack.includes(word));
  });
  const begins = ({ name }: CatalogProduct): boolean => name.toLocaleLowerCase('en').startsWith(wanted);
  return [...matches.filter(begins), ...matches.filter((product) => !begins(product))].slice(0, limit);
}
