-- one row per person of these lists of people
SELECT id, people, handle, shown FROM voice WHERE list_contains($people, people)
