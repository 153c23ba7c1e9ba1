import type { HostApi } from '#shared/api/host.ts';
import { formatStorageAddress } from '#shared/model/storage-address.ts';
import { parseStorageAddress } from '#shared/model/parse-storage-address.ts';
import type { Passwords } from './passwords.ts';

/** What a page may do with passwords: hand them over and have them forgotten, but never see one. */
export function passwordApi(
	passwords: Passwords,
	engine: { setPasswords(passwords: Readonly<Record<string, string>>): void },
): Pick<HostApi, 'setPassword' | 'forgetPassword' | 'getPasswords'> {
	const change = async (made: Promise<void>): Promise<void> => {
		try {
			await made;
		} finally {
			// Also where it could not be kept: it is known.
			engine.setPasswords(await passwords.known());
		}
	};
	return {
		setPassword: async ({ address, password, keep }) =>
			change(passwords.set(known(address), password, keep)),
		forgetPassword: async ({ address }) => change(passwords.forget(known(address))),
		getPasswords: () => passwords.keepings(),
	};
}

/** What a storage is known by: an address is written in many ways, and one that has a password in it is none to be kept. */
function known(address: string): string {
	return formatStorageAddress(parseStorageAddress(address).address);
}
