import { compileScanner, compiledScanner } from '#engine/scan/compile-scanner.ts';
import { createScanner } from '#engine/scan/create-scanner.ts';
import { createPlainScanner } from '#engine/scan/plain-scanner.ts';
import { createWasmScanner } from '#engine/scan/wasm-scanner.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => vi.unstubAllGlobals());

describe('creating a scanner', () => {
	it('takes WebAssembly where it is there', () => {
		expect(createScanner().constructor).toBe(createWasmScanner().constructor);
	});

	it('takes plain JavaScript where it is not', () => {
		vi.stubGlobal('WebAssembly', undefined);
		expect(createScanner().constructor).toBe(createPlainScanner().constructor);
	});

	it('takes what was compiled from the AssemblyScript beside it (else: npm run scanner)', async () => {
		expect(await compileScanner()).toBe(compiledScanner());
	});
});
