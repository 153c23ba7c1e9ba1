import { SqliteLogStorage } from '#engine/segments/sqlite-log-storage.ts';
import { describeContract, inFolders } from '../../../support/storage-contract.ts';
import { THREADS } from './storage-in-test.ts';

describeContract(
	'The default database',
	inFolders(async (path) => new SqliteLogStorage(`${path}.db`, THREADS)),
);
