SELECT DISTINCT project FROM sessions ORDER BY project
