import { parseAddress } from '#shared/model/feed-address.ts';

/** What of Python is used: the package that comes with the app, or only what Python has itself. */
export type PythonWay = 'package' | 'stdlib';

/**
 * The lines of Python that have a scheduler send its records to an address that is listened on.
 * `fixed` is the address the package finds by itself. `undefined` where Python can't reach it: a
 * named pipe.
 */
export function sendingLines(address: string, way: PythonWay, fixed: string): string | undefined {
	const place = parseAddress(address, 'listen');
	if (place.type === 'pipe') {
		return undefined;
	}
	if (way === 'package') {
		const given = address === fixed ? '' : `, ${pythonText(address)}`;
		return [
			'from asyncz_companion import install_companion',
			'',
			`install_companion(scheduler${given})`,
		].join('\n');
	}
	// Without a port the handler takes its host for the path of a unix socket.
	const [host, port] = place.type === 'tcp' ? [place.host, place.port] : [place.path ?? '', 'None'];
	return [
		'import logging',
		'import logging.handlers',
		'',
		`handler = logging.handlers.SocketHandler(${pythonText(host)}, ${port})`,
		'logging.getLogger("asyncz").addHandler(handler)',
		'logging.getLogger("asyncz").setLevel(logging.INFO)',
	].join('\n');
}

/** The lines that have a scheduler serve its records at an address, for the app to connect to. */
export function servingLines(address: string): string | undefined {
	if (parseAddress(address, 'connect').type === 'pipe') {
		return undefined;
	}
	return [
		'from asyncz_companion import CompanionServer, install_companion',
		'',
		`install_companion(scheduler, CompanionServer(${pythonText(address)}))`,
	].join('\n');
}

/** The command that installs the package, for the shell of this system. */
export function installCommand(folder: string): string {
	const isWindows = /^[A-Za-z]:|^\\\\/.test(folder);
	const quoted = isWindows ? `"${folder}"` : `'${folder.replaceAll("'", `'\\''`)}'`;
	return `pip install ${/^[\w./+-]+$/.test(folder) ? folder : quoted}`;
}

/** A text as Python reads it: JSON's escapes are among Python's. */
function pythonText(text: string): string {
	return JSON.stringify(text);
}
