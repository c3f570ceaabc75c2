-- removes the profile of the area
DELETE FROM area_profile
