/** Elements that the script of a report finds. */
export const ROOT_ID = 'report';
export const DATA_ID = 'report-data';
