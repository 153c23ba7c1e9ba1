/** Loaded before the built bundle (`node --import`): makes `electron` mean the stand-in. */
import { registerHooks } from 'node:module';
import { join } from 'node:path';

const standIn = new URL('./electron.ts', import.meta.url).href;

registerHooks({
	resolve: (specifier, context, next) =>
		specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});

// Electron is started with the app's folder where Node has the bundle's path.
process.argv.splice(1, 1, join(import.meta.dirname, '..', '..', '..'));
