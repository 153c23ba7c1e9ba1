import { JsonlLogStorage } from '#engine/storages/jsonl/jsonl-log-storage.ts';
import { describeContract, inFolders } from '../../../support/storage-contract.ts';

describeContract(
	'A JSONL file',
	inFolders((path) => JsonlLogStorage.open(`${path}.jsonl`)),
);
