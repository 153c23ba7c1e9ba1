import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus, release, totalmem, type } from 'node:os';

/** Where and with what a figure was measured: without it a figure says nothing. */
export function describeMachine(chromium: string | undefined): Record<string, unknown> {
	const require = createRequire(import.meta.url);
	const versionOf = (name: string) =>
		(require(`${name}/package.json`) as { version: string }).version;
	return {
		cpu: cpus()[0]?.model,
		cores: cpus().length,
		memory_gb: Math.round(totalmem() / 2 ** 30),
		system: `${type()} ${release()}`,
		node: process.version,
		...(chromium === undefined
			? {}
			: { chromium: execFileSync(chromium, ['--version'], { encoding: 'utf8' }).trim() }),
		better_sqlite3: versionOf('better-sqlite3'),
		svelte: versionOf('svelte'),
	};
}
