import { InputFaults } from '@pingan/contracts';
import { parseScheme, type Scheme, SchemeError } from '@pingan/indicators';
import { readInput } from './text.js';

export async function readScheme(file: string): Promise<Scheme> {
  try {
    return parseScheme(await readInput(file, '方案文件'), { file });
  } catch (error) {
    if (!(error instanceof SchemeError)) throw error;
    const faults = error.issues.map(({ path, line, message }) => {
      const place = [file, line === null ? '' : `第 ${line} 行`, path].filter((part) => part !== '').join(' ');
      return `${place}：${message}`;
    });
    throw new InputFaults(faults, error.message);
  }
}
