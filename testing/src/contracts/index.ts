export type { ContractCase } from './contract.ts';
export { type ModelStoreSubject, modelStoreContract } from './model-store-contract.ts';
export { type RuntimeSubject, runtimeContract } from './runtime-contract.ts';
