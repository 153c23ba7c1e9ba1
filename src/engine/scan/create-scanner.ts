import { createPlainScanner } from './plain-scanner.ts';
import type { LineScanner } from './scanner.ts';
import { createWasmScanner } from './wasm-scanner.ts';

/** The fastest scanner there is here. */
export function createScanner(): LineScanner {
	try {
		return createWasmScanner();
	} catch {
		// No WebAssembly, or one without SIMD.
		return createPlainScanner();
	}
}
