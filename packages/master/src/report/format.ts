export {
  formatClock,
  formatCount,
  formatInstant,
  formatMs,
  formatNumber,
  formatShare,
} from '@drumline/model';
