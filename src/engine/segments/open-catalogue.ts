import { Generations } from './ingest/generations.ts';
import { readCatalogue } from './sqlite/catalogue.ts';
import type { Catalogue } from './sqlite/catalogue.ts';
import { DatabaseDamaged, explainStorageError, openWritable, usedBytes } from './sqlite/schema.ts';

/** What a database holds, and how many bytes it takes. Throws an `AppError` `storage-failed`. */
export function openCatalogue(path: string): {
	readonly catalogue: Catalogue;
	readonly used: number;
} {
	try {
		const db = openWritable(path);
		try {
			return { catalogue: readCatalogue(db), used: usedBytes(db) };
		} finally {
			db.close();
		}
	} catch (error) {
		throw explainStorageError(error, path);
	}
}

/** What is known of its logs. Throws an `AppError` `storage-failed`. */
export function openGenerations({ generations, coverage }: Catalogue, path: string): Generations {
	try {
		return new Generations(generations, coverage);
	} catch (error) {
		throw explainStorageError(new DatabaseDamaged('what is known of logs', { cause: error }), path);
	}
}
