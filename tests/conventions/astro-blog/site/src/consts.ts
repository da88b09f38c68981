// What every page shows.
export const SITE_TITLE = 'Lantern Lab';
export const SITE_DESCRIPTION: string = "Lamps, and who lights them";
