import { mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isBuildStale, withoutStack } from '#main/launch/build.ts';
import { installedElectron, reasonAgainstDesktop } from '#main/launch/electron-program.ts';
import { reasonIn, runElectron } from '#main/launch/run-electron.ts';
import { makeTempFolder, removeFolder } from '../../../support/temp-folder.ts';

let folder = '';
beforeEach(() => {
	folder = makeTempFolder();
});
afterEach(() => removeFolder(folder));

function put(name: string, seconds: number, text = ''): void {
	const path = join(folder, name);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, text, { mode: 0o755 });
	utimesSync(path, seconds, seconds);
}

/** A program that stands for Electron's. */
function program(script: string): string {
	put('electron', 1_000, `#!/bin/sh\n${script}\n`);
	return join(folder, 'electron');
}

it('tells of a failed build what was said, without a stack', () => {
	const said =
		'failed to load config\nError: EACCES: permission denied\n    at a (b.js:1:2)\n    at c\n';
	expect(withoutStack(said)).toBe('failed to load config\nError: EACCES: permission denied');
});

describe('isBuildStale', () => {
	beforeEach(() => {
		for (const name of ['src/a.ts', 'package.json', 'electron.vite.config.ts']) {
			put(name, 1_000);
		}
		utimesSync(join(folder, 'src'), 1_000, 1_000);
		for (const name of [
			'main/index.js',
			'main/web.js',
			'main/headless.js',
			'preload/index.cjs',
			'renderer/index.html',
		]) {
			put(`out/${name}`, 2_000);
		}
	});

	it('is content with a build newer than its sources', () => {
		expect(isBuildStale(folder)).toBe(false);
	});

	it('sees a changed, an added, a removed file and a missing part', () => {
		put('src/a.ts', 3_000);
		const changed = isBuildStale(folder);
		put('src/a.ts', 1_000);
		rmSync(join(folder, 'src/a.ts')); // touches the folder
		const removed = isBuildStale(folder);
		utimesSync(join(folder, 'src'), 1_000, 1_000);
		const restored = isBuildStale(folder);
		rmSync(join(folder, 'out/preload/index.cjs'));
		expect([changed, removed, restored, isBuildStale(folder)]).toEqual([true, true, false, true]);
	});
});

it.each([
	['linux', { DISPLAY: ':0' }, false, undefined],
	['linux', {}, false, 'there is no display'],
	['linux', { WAYLAND_DISPLAY: 'w' }, true, 'Electron does not run as root with its sandbox on'],
	['darwin', {}, true, undefined],
] as const)('on %s with %j, root %s, the reason is %s', (platform, env, isRoot, reason) => {
	expect(reasonAgainstDesktop({ platform, env, isRoot })).toBe(reason);
});

it('finds an Electron that has been downloaded whole', () => {
	put('path.txt', 1_000, 'electron');
	const before = installedElectron(folder);
	put('dist/electron', 1_000);
	expect([before, installedElectron(folder)]).toEqual([undefined, join(folder, 'dist/electron')]);
});

it.each([
	[
		'x: error while loading shared libraries: libnss3.so: cannot open',
		'the library libnss3.so is missing',
	],
	[
		'FATAL:setuid_sandbox_host.cc(163)] The SUID sandbox helper',
		'this system does not let it use its sandbox',
	],
	['ERROR:ozone Missing X server or $DISPLAY', 'the display cannot be reached'],
	['', 'it ended with code 3'],
])('reads %j as a reason', (stderr, reason) => {
	expect(reasonIn(stderr, undefined, 3)).toBe(reason);
});

describe('runElectron', () => {
	it('passes on a normal end, and the arguments after the app folder', async () => {
		const script = `test "$1 $2" = "${folder} a.log"`;
		expect(await runElectron(program(script), folder, ['a.log'])).toEqual({
			kind: 'ended',
			code: 0,
		});
	});

	it('says why a program that dies at once did', async () => {
		const script = 'echo "error while loading shared libraries: libgbm.so.1: no" >&2; exit 127';
		expect(await runElectron(program(script), folder, [])).toEqual({
			kind: 'not-started',
			reason: 'the library libgbm.so.1 is missing',
		});
	});

	it('says that a program crashed', async () => {
		expect(await runElectron(program('kill -TRAP $$'), folder, [])).toEqual({
			kind: 'not-started',
			reason: 'it crashed',
		});
	});
});
