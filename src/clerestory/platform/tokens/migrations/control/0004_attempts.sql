-- Log-ins that failed are hits like others now (platform.hit).
DROP TABLE platform.attempt;
