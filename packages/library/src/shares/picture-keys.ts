import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';

/** The key of a photo within one share: says nothing of the photo or the library, and means nothing in another share. */
export interface PictureKeys {
  toKey(assetId: number): string;
  /** Undefined for what is none of this share. */
  fromKey(key: string): number | undefined;
}

/** One block of AES-128 under a key that only who has the link can derive; 12 of its bytes are zero, which tells forged ones. */
export function createPictureKeys(token: string): PictureKeys {
  const secret = createHash('sha256').update(`pictures of ${token}`).digest().subarray(0, 16);
  return {
    toKey(assetId) {
      const block = Buffer.alloc(16);
      block.writeUInt32BE(assetId, 12);
      return createCipheriv('aes-128-ecb', secret, null).setAutoPadding(false).update(block).toString('base64url');
    },
    fromKey(key) {
      if (!/^[\w-]{22}$/.test(key)) return undefined;
      const cipher = createDecipheriv('aes-128-ecb', secret, null).setAutoPadding(false);
      const block = cipher.update(Buffer.from(key, 'base64url'));
      return block.subarray(0, 12).every((byte) => byte === 0) ? block.readUInt32BE(12) : undefined;
    },
  };
}
