import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { expect, test } from 'vitest';
import { fixedPlace } from '#main/feeds/fixed-place.ts';
import { temporaryFolder } from '../../../support/temp-folder-of-test.ts';

const uid = process.getuid?.() ?? 0;
const inTmp = { type: 'unix', path: `/tmp/asyncz-companion-${uid}/feed.sock` };

test('lies in the runtime folder if that is this user’s alone', () => {
	const folder = temporaryFolder();
	chmodSync(folder, 0o700);
	expect(fixedPlace({ XDG_RUNTIME_DIR: folder }, 'linux')).toEqual({
		type: 'unix',
		path: join(folder, 'asyncz-companion', 'feed.sock'),
	});
	chmodSync(folder, 0o755);
	expect(fixedPlace({ XDG_RUNTIME_DIR: folder }, 'linux')).toEqual(inTmp);
});

test.each([[undefined], ['relative'], ['/nowhere/at/all'], [import.meta.filename]])(
	'lies in a folder of its own below /tmp with XDG_RUNTIME_DIR=%s',
	(folder) => {
		expect(fixedPlace({ XDG_RUNTIME_DIR: folder }, 'darwin')).toEqual(inTmp);
	},
);

test('is a pipe with the user’s name on Windows', () => {
	expect(fixedPlace({}, 'win32')).toEqual({
		type: 'pipe',
		name: `asyncz-companion-${userInfo().username}`,
	});
});
