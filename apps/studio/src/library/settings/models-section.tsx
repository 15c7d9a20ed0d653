import { useState } from 'react';
import type { DeviceReport, ModelInfo } from '../api/types.ts';
import { formatBytes } from '../ui/format.ts';
import { useAsked } from '../ui/use-asked.ts';

const STATES: Readonly<Record<ModelInfo['state'], string>> = {
  ready: 'Ready',
  missing: 'Missing',
  available: 'Not installed',
};

/** Which models there are, and what they run on. */
export function ModelsSection() {
  const [device, setDevice] = useState<DeviceReport | undefined>(undefined);
  const [models, setModels] = useState<readonly ModelInfo[]>([]);
  useAsked(({ api }) => api.models(), setModels);
  useAsked(({ api }) => api.device(), setDevice);
  return (
    <section className="settings-section" aria-labelledby="models">
      <h2 id="models">Models and device</h2>
      <p role="status">{device === undefined ? 'Finding out what models run on …' : describe(device)}</p>
      {device?.tried.map(({ device: name, reason }) => (
        <p key={name}>
          Not {name}: {reason}
        </p>
      ))}
      <dl className="settings-list">
        {models.map(({ id, title, state, bytes, licence, hint }) => (
          <div key={id} data-state={state}>
            <dt>
              {title}
              <span>
                {formatBytes(bytes)} · {licence}
                {state !== 'ready' && hint !== undefined ? ` · ${hint}` : ''}
              </span>
            </dt>
            <dd>{STATES[state]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function describe({ device, threads, profile }: DeviceReport): string {
  const where = device === 'cpu' ? 'the processor' : `the graphics card (${device})`;
  const memory = profile === 'low-memory' ? ', with little memory' : '';
  return `Models run on ${where}, with ${threads} ${threads === 1 ? 'thread' : 'threads'}${memory}.`;
}
