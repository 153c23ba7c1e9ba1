import * as v from 'valibot';
import type { Schemas } from '#shared/rpc/rpc.ts';

export interface CompressingApi {
	compress(params: { readonly times: number }): Promise<number>;
}

export const compressingSchemas: Schemas<CompressingApi> = {
	compress: v.strictObject({ times: v.number() }),
};
