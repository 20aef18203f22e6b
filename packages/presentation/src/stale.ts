import type { Staleness } from '@pingan/queries';

const SHOWN = 6;

function monthsText(months: readonly string[]): string {
  const shown = months.slice(-SHOWN).join('、');
  return months.length > SHOWN ? `${shown} 等 ${months.length} 个月的` : `${shown} 的`;
}

function changedText({ months, scheme, regions }: Staleness): string {
  const changes = [
    ...(months.length > 0 ? [` ${monthsText(months)}数据有变动`] : []),
    ...(scheme ? ['换了方案'] : []),
    ...(regions ? ['换了区域表'] : []),
  ];
  return changes.length > 0 ? changes.join('，') : '计分的依据（零报送确认、以往月份的方案或算法）有变动';
}

/** That a run is older than what there is now, what changed, and what to do. */
export function stalenessText(stale: Staleness, { county, period }: { county: string; period: string }): string {
  const since = `这里的得分和名次是 ${stale.computed_at} 计算的，此后${changedText(stale)}`;
  const asked = `--county ${county} --month ${period}`;
  const left = '没有乡镇的事项、缺数的办法按现有数据计算，与这里的得分不是同一批数据，没有列出';
  if (stale.basis === 'published')
    return `注意：${since}；已发布的结果不随之改变。${left}；按现有数据的见 pingan rank ${asked}。`;
  return `注意：${since}，还没有重新计分。${left}。服务运行时会自动重新计分，请稍后再查；也可以现在就算：pingan score ${asked}。`;
}

/** The same of the months that a quarter or a year is made of. */
export const staleMonthsText = (months: readonly string[]): string =>
  `注意：${months.join('、')} 计分以后，数据、方案或区域表有变动，还没有重新计分，这里仍是原来的得分。服务运行时会自动重新计分，请稍后再查；也可以用 pingan score 重新计分。`;
