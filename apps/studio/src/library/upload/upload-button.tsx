import { useRef } from 'react';
import { Icon } from '../../ui/icons.tsx';
import { useLibraryEngine } from '../ui/library-context.tsx';

/** Lets the user choose files that go to the library. */
export function UploadButton({ className = 'chip' }: { readonly className?: string }) {
  const { uploads } = useLibraryEngine();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={className}
        title="Send photos and videos from this device to the library"
        onClick={() => input.current?.click()}
      >
        <Icon name="upload" size={16} />
        <span className={className === 'chip' ? 'chip-label' : undefined}>Upload</span>
      </button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        accept="image/*,video/*,.heic,.heif,.mts,.dng,.cr2,.cr3,.nef,.arw,.orf,.rw2,.raf"
        aria-label="Photos and videos to upload"
        onChange={({ currentTarget }) => {
          uploads.add([...(currentTarget.files ?? [])]);
          // The same file may be chosen again.
          currentTarget.value = '';
        }}
      />
    </>
  );
}
