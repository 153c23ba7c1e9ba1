import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { main } from 'assemblyscript/asc';

const GENERATED = new URL('scanner-wasm.ts', import.meta.url);

/** The text of the generated module as it is in the repository. */
export function compiledScanner(): string {
	return readFileSync(GENERATED, 'utf8');
}

/** Compiles the AssemblyScript of `wasm/`; the text of the module that holds its bytes. */
export async function compileScanner(): Promise<string> {
	let bytes = new Uint8Array(0);
	const args = ['scanner.ts', '--outFile', 'scanner.wasm', '--runtime', 'stub', '--enable', 'simd'];
	const optimized = ['--optimizeLevel', '3', '--shrinkLevel', '0', '--converge', '--noAssert'];
	const { error, stderr } = await main(
		[...args, ...optimized, '--baseDir', fileURLToPath(new URL('wasm', import.meta.url))],
		{
			writeFile: (_name: string, contents: Uint8Array | string) => {
				bytes = Uint8Array.from(Buffer.from(contents));
			},
		},
	);
	if (error) {
		throw new Error(`The scanner could not be compiled: ${error.message}\n${stderr.toString()}`);
	}
	return [
		'/** The scanner in WebAssembly, in base64. Compiled from `wasm/` by `npm run scanner`. */',
		`export const SCANNER_WASM =\n\t'${Buffer.from(bytes).toString('base64')}';`,
		'',
	].join('\n');
}

if (import.meta.main) {
	writeFileSync(GENERATED, await compileScanner());
}
