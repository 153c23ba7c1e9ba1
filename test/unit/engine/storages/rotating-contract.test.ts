import { RotatingFileLogStorage } from '#engine/storages/rotating/rotating-file-log-storage.ts';
import { describeContract, inFolders } from '../../../support/storage-contract.ts';

describeContract(
	'Rotating files',
	inFolders((path) =>
		RotatingFileLogStorage.open({ path: `${path}.log`, maxBytes: 1_000_000, backupCount: 5 }),
	),
);

// Every batch of the kit is cut into several of these files, and none has to be given up.
describeContract(
	'Many small files',
	inFolders((path) =>
		RotatingFileLogStorage.open({ path: `${path}.log`, maxBytes: 100_000, backupCount: 15 }),
	),
);
